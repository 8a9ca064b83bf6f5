/** People: accounts, invitations, and the members of projects. */
package io.countersign.console.members;
