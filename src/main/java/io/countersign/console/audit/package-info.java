/** The audit trail. */
package io.countersign.console.audit;
