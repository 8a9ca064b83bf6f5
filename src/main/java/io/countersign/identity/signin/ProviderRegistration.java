package io.countersign.identity.signin;

import io.countersign.api.http.BaseUrl;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.SupplierClientRegistrationRepository;
import org.springframework.stereotype.Component;

/**
 * Countersign's registration at the provider, and the provider's endpoints. The provider's metadata is fetched on first
 * use, so the provider need not be up when this server starts.
 */
@Component
class ProviderRegistration {

    private static final String ID = "oidc";

    private final ClientRegistrationRepository provider;

    ProviderRegistration(ProviderProperties properties, BaseUrl baseUrl) {
        this.provider = new SupplierClientRegistrationRepository(
                () -> new InMemoryClientRegistrationRepository(registration(properties, baseUrl)));
    }

    /** @return the same registration, in the form that Spring Security expects */
    ClientRegistrationRepository repository() {
        return provider;
    }

    /**
     * @return the registration
     * @throws RuntimeException if the provider's metadata cannot be fetched
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
