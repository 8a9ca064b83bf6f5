/** Projects, and the frame of the pages within one. */
package io.countersign.console.projects;
