/** Input validation that collects all mistakes before refusing. */
package io.countersign.api.validation;
