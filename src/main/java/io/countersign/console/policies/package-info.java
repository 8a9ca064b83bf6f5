/** Who decides what: the policies of projects, organizations and the platform. */
package io.countersign.console.policies;
