/** Operations on process instances beyond what the engine's services offer. */
@org.springframework.modulith.NamedInterface("process")
package io.countersign.engine.process;
