/** The inbox and requests of all kinds: their lists, their page, and what people do to them. */
package io.countersign.console.approvals;
