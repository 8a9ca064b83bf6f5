/** Random tokens, hashes and encryption at rest. */
package io.countersign.api.secret;
