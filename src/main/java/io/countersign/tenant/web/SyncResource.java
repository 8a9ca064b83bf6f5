package io.countersign.tenant.web;

import io.countersign.tenant.feature.FeatureSync;
import io.countersign.tenant.orchestrator.OrchestratorId;
import io.countersign.tenant.orchestrator.OrchestratorTokens;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Tenants")
class SyncResource {

    private final FeatureSync sync;

    SyncResource(FeatureSync sync) {
        this.sync = sync;
    }

    @GetMapping("/api/v1/sync/features")
    @Operation(
            summary = "Returns the status and features of all the orchestrator's tenants",
            description = "Complete or an error, never partial. With the ETag of an earlier answer in If-None-Match it"
                    + " answers 304 while nothing has changed.")
    ResponseEntity<byte[]> features(
            @Parameter(hidden = true) @AuthenticationPrincipal OAuth2AuthenticatedPrincipal caller,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) String ifNoneMatch) {
        OrchestratorId orchestrator = caller.getAttribute(OrchestratorTokens.ORCHESTRATOR);
        if (ifNoneMatch != null) {
            String etag = sync.etag(orchestrator);
            if (matches(ifNoneMatch, etag)) {
                return headers(ResponseEntity.status(HttpStatus.NOT_MODIFIED), etag)
                        .build();
            }
        }
        FeatureSync.Snapshot snapshot = sync.read(orchestrator);
        return headers(ResponseEntity.ok(), snapshot.etag())
                .contentType(MediaType.APPLICATION_JSON)
                .body(snapshot.body());
    }

    private static ResponseEntity.BodyBuilder headers(ResponseEntity.BodyBuilder answer, String etag) {
        return answer.eTag(etag)
                .cacheControl(CacheControl.noCache().cachePrivate())
                .varyBy(HttpHeaders.AUTHORIZATION);
    }

    /** RFC 9110, 13.1.2: a list of tags, compared weakly, or a star. */
    private static boolean matches(String ifNoneMatch, String etag) {
        return Arrays.stream(ifNoneMatch.split(","))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.replaceFirst("^W/", "").equals(etag));
    }
}
