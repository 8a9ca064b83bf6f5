/** How far an instance is, on its model. */
@org.springframework.modulith.NamedInterface("diagram")
package io.countersign.engine.diagram;
