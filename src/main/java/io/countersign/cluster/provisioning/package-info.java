/** Carries out what was asked of clusters: storage, rendering, the steps of the processes, and news of the outcome. */
package io.countersign.cluster.provisioning;
