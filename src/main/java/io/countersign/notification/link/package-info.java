/** The links in mails, and the tokens by which a person decides. */
package io.countersign.notification.link;
