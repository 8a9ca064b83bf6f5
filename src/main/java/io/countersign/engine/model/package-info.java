/** The models of this version, and what their expressions may run. */
package io.countersign.engine.model;
