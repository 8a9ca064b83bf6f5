/** What the next version of the application has and this one does not, for showing both side by side. */
package io.countersign.harness.next;
