/** An organization's infrastructure: its clusters and the requests for them. */
package io.countersign.console.clusters;
