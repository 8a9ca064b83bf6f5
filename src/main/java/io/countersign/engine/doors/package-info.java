/** The engine's REST API and web applications: who may reach which endpoint, as whom, with what queries. */
package io.countersign.engine.doors;
