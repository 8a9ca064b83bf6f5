/** Code that exists only for performance. */
package io.countersign.engine.tuning;
