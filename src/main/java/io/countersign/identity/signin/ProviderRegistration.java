package io.countersign.identity.signin;

import io.countersign.api.http.BaseUrl;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.SupplierClientRegistrationRepository;
import org.springframework.stereotype.Component;

/**
 * Who Countersign is at the provider, and where the provider's endpoints are. The provider is asked about itself when
 * it is first needed, so it need not be there when this server starts.
 */
@Component
class ProviderRegistration {

    private static final String ID = "oidc";

    private final ClientRegistrationRepository provider;

    ProviderRegistration(ProviderProperties properties, BaseUrl baseUrl) {
        this.provider = new SupplierClientRegistrationRepository(
                () -> new InMemoryClientRegistrationRepository(registration(properties, baseUrl)));
    }

    /** @return the same, as Spring Security asks for it */
    ClientRegistrationRepository repository() {
        return provider;
    }

    /**
     * @return the registration
     * @throws RuntimeException if the provider does not tell about itself
     */
    ClientRegistration get() {
        return provider.findByRegistrationId(ID);
    }

    private static ClientRegistration registration(ProviderProperties properties, BaseUrl baseUrl) {
        return ClientRegistrations.fromIssuerLocation(properties.issuer())
                .registrationId(ID)
                .clientName(properties.label())
                .clientId(properties.clientId())
                .clientSecret(properties.clientSecret())
                .scope(properties.scopes())
                // Never derived from the host in a request.
                .redirectUri(baseUrl.to("/login/oauth2/code/" + ID))
                .clientSettings(ClientRegistration.ClientSettings.builder()
                        .requireProofKey(true)
                        .build())
                .build();
    }
}
