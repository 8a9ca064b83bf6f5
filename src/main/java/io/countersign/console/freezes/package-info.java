/** Freeze windows of projects and organizations. */
package io.countersign.console.freezes;
