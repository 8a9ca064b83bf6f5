package io.countersign.audit;

import io.countersign.chain.Anchor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Appends anchors to a file, which should be in a place where the database's administrators cannot write. */
@Component
class AnchorFile implements AnchorKeeper {

    private final String file;

    /** @param file the file; empty for none */
    AnchorFile(@Value("${countersign.audit.anchor.file}") String file) {
        this.file = file;
    }

    @Override
    public void keep(Anchor anchor, Instant at) {
        if (file.isEmpty()) {
            return;
        }
        Path path = Path.of(file).toAbsolutePath();
        try {
            Files.createDirectories(path.getParent());
            try (FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
                ByteBuffer line = ByteBuffer.wrap((at + " " + anchor + "\n").getBytes(StandardCharsets.UTF_8));
                while (line.hasRemaining()) {
                    channel.write(line);
                }
                channel.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The anchor file cannot be written", e);
        }
    }
}
