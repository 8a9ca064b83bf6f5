/** What pages have in common: the frame around them, the words for people, and how they show problems. */
package io.countersign.console.layout;
