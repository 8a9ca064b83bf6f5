package io.countersign.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.resilience.Admission.Place;
import io.countersign.resilience.Admission.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class AdmissionTest {

    private final Admission admission = admission(Duration.ZERO);

    @Test
    void one_address_leaves_places_for_others() {
        List<Place> places = fill(admission.stranger("45.0.0.1", false));

        assertThat(places).hasSize(2);
        assertThat(admission.enter(admission.stranger("45.0.0.2", false))).isPresent();
    }

    @Test
    void anonymous_of_many_addresses_leave_places_for_whoever_shows_credentials() {
        IntStream.range(0, 20).forEach(n -> admission.enter(admission.stranger("45.0.0." + n, false)));

        assertThat(admission.enter(admission.stranger("45.0.1.1", false))).isEmpty();
        assertThat(admission.enter(admission.stranger("45.0.1.1", true))).isPresent();
    }

    @Test
    void one_person_leaves_places_for_others() {
        for (int n = 0; n < 10; n++) {
            admission
                    .enter(admission.stranger("45.0.0." + n, true))
                    .ifPresent(place -> admission.recount(place, admission.caller("ada")));
        }

        Place others = admission.enter(admission.stranger("45.0.1.1", true)).orElseThrow();
        assertThat(admission.recount(others, admission.caller("grace"))).isTrue();
    }

    @Test
    void person_who_has_all_their_places_keeps_none_while_waiting() {
        Admission patient = admission(Duration.ofSeconds(20));
        List<Place> working = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            Place place = patient.enter(patient.stranger("45.0.0.1", true)).orElseThrow();
            assertThat(patient.recount(place, patient.caller("ada"))).isTrue();
            working.add(place);
        }
        Place fourth = patient.enter(patient.stranger("45.0.0.1", true)).orElseThrow();
        CompletableFuture<Boolean> waiting =
                CompletableFuture.supplyAsync(() -> patient.recount(fourth, patient.caller("ada")));

        // All three other places are there for others, though one more of hers waits.
        List<Place> others = new ArrayList<>();
        await().until(() -> {
            patient.enter(List.of(new Share("others", 3))).ifPresent(others::add);
            return others.size() == 3;
        });
        assertThat(waiting).isNotDone();

        patient.leave(working.get(0));
        assertThat(waiting.join()).isTrue();
    }

    @Test
    void place_that_is_given_back_goes_to_who_waits() {
        Admission patient = admission(Duration.ofSeconds(20));
        List<Share> address = patient.stranger("45.0.0.1", true);
        Place first = patient.enter(address).orElseThrow();
        patient.enter(address).orElseThrow();
        CompletableFuture<Optional<Place>> waiting = CompletableFuture.supplyAsync(() -> patient.enter(address));

        patient.leave(first);

        assertThat(waiting.join()).isPresent();
    }

    @Test
    void one_share_does_not_fill_the_queue() {
        Admission patient = admission(Duration.ofSeconds(20));
        List<Share> address = patient.stranger("45.0.0.1", true);
        List<Place> working = List.of(
                patient.enter(address).orElseThrow(), patient.enter(address).orElseThrow());
        List<CompletableFuture<Optional<Place>>> asked = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
            asked.add(CompletableFuture.supplyAsync(() -> patient.enter(address)));
        }

        // Two of them wait, half of the queue, and the others hear at once that there is no room.
        await().until(() -> asked.stream().filter(CompletableFuture::isDone).count() == 3);
        working.forEach(patient::leave);
        assertThat(asked.stream().map(CompletableFuture::join).filter(Optional::isPresent))
                .hasSize(2);
    }

    @Test
    void answers_at_length_leave_places_for_others() {
        List<Place> places = IntStream.range(0, 6)
                .mapToObj(n -> admission.enter(admission.caller("person " + n)).orElseThrow())
                .toList();

        assertThat(places.stream().filter(admission::answersAtLength)).hasSize(1);
        places.forEach(admission::leave);
        places.forEach(admission::answersAtLength);
        assertThat(admission.answersAtLength(
                        admission.enter(admission.caller("next")).orElseThrow()))
                .isTrue();
    }

    private List<Place> fill(List<Share> shares) {
        List<Place> places = new ArrayList<>();
        Optional<Place> next = admission.enter(shares);
        while (next.isPresent()) {
            places.add(next.get());
            next = admission.enter(shares);
        }
        return places;
    }

    private static Admission admission(Duration patience) {
        return new Admission(new ResilienceProperties(
                Duration.ofSeconds(1),
                Duration.ofSeconds(20),
                6,
                2,
                4,
                3,
                4,
                patience,
                100,
                Duration.ofSeconds(10),
                DataSize.ofKilobytes(512),
                Duration.ZERO));
    }
}
