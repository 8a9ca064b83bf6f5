/** Shows the engine our people and their groups. */
package io.countersign.engine.identity;
