package io.countersign.cli;

import picocli.CommandLine;

/** The version of the archive that it runs from. */
final class Version implements CommandLine.IVersionProvider {

    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"countersign " + number()};
    }
}
