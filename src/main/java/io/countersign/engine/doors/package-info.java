/** The engine's REST API and web applications: who may reach which endpoint, as which user, with which queries. */
package io.countersign.engine.doors;
