/** How people and programs sign in, and what they may reach by path. */
@org.springframework.modulith.NamedInterface("signin")
package io.countersign.identity.signin;
