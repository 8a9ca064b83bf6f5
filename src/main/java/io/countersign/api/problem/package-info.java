/** Errors as clients see them: {@code application/problem+json} (RFC 9457) with stable codes. */
package io.countersign.api.problem;
