/** An instance's progress, shown on its model. */
@org.springframework.modulith.NamedInterface("diagram")
package io.countersign.engine.diagram;
