/** What exists for speed alone. */
package io.countersign.engine.tuning;
