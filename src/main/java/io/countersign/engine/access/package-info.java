/** What groups may do in the engine, and which rights a task grants. */
package io.countersign.engine.access;
