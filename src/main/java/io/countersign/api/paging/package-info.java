/** Lists with {@code limit} and {@code cursor}. */
package io.countersign.api.paging;
