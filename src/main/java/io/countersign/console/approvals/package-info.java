/** The inbox and requests of all kinds: their lists, their page, and the actions on them. */
package io.countersign.console.approvals;
