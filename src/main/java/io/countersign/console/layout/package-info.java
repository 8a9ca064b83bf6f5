/** What pages share: their frame, the words for people, and how they show problems. */
package io.countersign.console.layout;
