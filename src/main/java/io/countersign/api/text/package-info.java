/** Text and times as clients may send them. */
package io.countersign.api.text;
