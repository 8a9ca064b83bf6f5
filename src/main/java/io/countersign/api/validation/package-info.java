/** Checks of input that collect every mistake before they refuse. */
package io.countersign.api.validation;
