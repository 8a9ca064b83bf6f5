/**
 * The hash chain that makes the audit trail tamper-evident: the hashed form of an entry, the verification of a chain,
 * and anchors. Plain Java, shared by the server, which seals and verifies its trail, and the command line, which
 * verifies an exported one without a server.
 */
@org.springframework.modulith.ApplicationModule(allowedDependencies = {})
package io.countersign.chain;
