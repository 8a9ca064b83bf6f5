package io.countersign.embedded;

import io.countersign.api.problem.NotFound;
import jakarta.mail.Address;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Mails as files, one for each, named by when they came, so that they survive a restart and sort by age. */
class Mailbox {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern ID = Pattern.compile("\\d{8}T\\d{12}Z-[0-9a-f]{8}");
    private static final String SUFFIX = ".eml";
    private static final int RANDOM_BYTES = 4;

    private final Path directory;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Session session = Session.getInstance(new Properties());

    Mailbox(Path directory, Clock clock) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.clock = clock;
    }

    /**
     * A mail.
     *
     * @param id its file's name without the suffix
     * @param receivedAt when it came
     * @param from who sent it
     * @param to whom it was sent to
     * @param subject what it is about
     * @param headers its headers as they came, decoded
     * @param text its plain text
     * @param html its HTML
     */
    record Mail(
            String id,
            Instant receivedAt,
            String from,
            List<String> to,
            String subject,
            List<String> headers,
            Optional<String> text,
            Optional<String> html) {}

    /** Stores a mail, on disk when this returns. */
    void add(byte[] message) throws IOException {
        byte[] suffix = new byte[RANDOM_BYTES];
        random.nextBytes(suffix);
        String id = TIME.format(clock.instant()) + "-" + HexFormat.of().formatHex(suffix);
        Path unfinished = directory.resolve(id + ".part");
        try (FileChannel file = FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (ByteBuffer bytes = ByteBuffer.wrap(message); bytes.hasRemaining(); ) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(unfinished, directory.resolve(id + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * @param recipient only mails to this address, if given
     * @param limit at most so many
     * @return the newest mails, newest first
     */
    List<Mail> newest(Optional<String> recipient, int limit) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .filter(ID.asMatchPredicate())
                    .sorted(Comparator.reverseOrder())
                    .map(this::read)
                    .filter(mail -> recipient.map(mail.to()::contains).orElse(true))
                    .limit(limit)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The mailbox cannot be read", e);
        }
    }

    /**
     * @return the mail
     * @throws NotFound if there is none of that id
     */
    Mail get(String id) {
        if (!ID.matcher(id).matches() || !Files.exists(directory.resolve(id + SUFFIX))) {
            throw new NotFound("mail", id);
        }
        return read(id);
    }

    private Mail read(String id) {
        try (InputStream file = new ByteArrayInputStream(Files.readAllBytes(directory.resolve(id + SUFFIX)))) {
            MimeMessage message = new MimeMessage(session, file);
            return new Mail(
                    id,
                    TIME.parse(id.substring(0, id.indexOf('-')), Instant::from),
                    addresses(message.getFrom()).stream().findFirst().orElse(""),
                    addresses(message.getRecipients(RecipientType.TO)),
                    Optional.ofNullable(message.getSubject()).orElse(""),
                    Collections.list(message.getAllHeaderLines()),
                    part(message, "text/plain"),
                    part(message, "text/html"));
        } catch (MessagingException e) {
            throw new IllegalStateException("Mail " + id + " is unreadable", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Mail " + id + " is unreadable", e);
        }
    }

    private static List<String> addresses(Address[] addresses) {
        return addresses == null
                ? List.of()
                : Arrays.stream(addresses)
                        .map(address -> address instanceof InternetAddress internet
                                ? internet.getAddress()
                                : address.toString())
                        .collect(Collectors.toList());
    }

    /** @return the text of the first part of a type, at any depth */
    private static Optional<String> part(Part part, String type) throws MessagingException, IOException {
        if (part.isMimeType(type)) {
            Object content = part.getContent();
            return Optional.of(
                    content instanceof InputStream stream
                            ? new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                            : content.toString());
        }
        if (part.getContentType().toLowerCase(Locale.ROOT).startsWith("multipart/")
                && part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                Optional<String> found = part(parts.getBodyPart(i), type);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }
}
