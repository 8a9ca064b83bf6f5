/** Mail: rendering and sending it over SMTP. */
@org.springframework.modulith.NamedInterface("mail")
package io.countersign.notification.mail;
