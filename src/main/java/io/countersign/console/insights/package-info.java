/** Figures and charts about approvals. */
package io.countersign.console.insights;
