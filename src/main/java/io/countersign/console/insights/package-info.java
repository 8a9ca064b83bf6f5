/** Figures and charts of how approvals go. */
package io.countersign.console.insights;
