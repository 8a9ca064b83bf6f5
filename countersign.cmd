@echo off
rem The command line of Countersign (docs\cli.md). Runs what mvnw.cmd compile put into target\cli.
setlocal
set "CLI=%~dp0target\cli"
if not exist "%CLI%\lib\countersign-cli.jar" (
  echo countersign: not built yet. First run, in the folder of this file: mvnw.cmd -q compile 1>&2
  exit /b 1
)
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"

rem For a process that lives a moment. The archive of loaded classes halves the time to start; see the file countersign.
set "FLAGS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Xshare:auto -Xlog:disable"
set "ARCHIVE=%CLI%\countersign.jsa"
if not exist "%ARCHIVE%.key" "%JAVA%" %FLAGS% "-XX:ArchiveClassesAtExit=%ARCHIVE%" -cp "%CLI%\lib\*" io.countersign.cli.Training "%ARCHIVE%" >nul 2>&1
set SHARED=
if exist "%ARCHIVE%" set SHARED="-XX:SharedArchiveFile=%ARCHIVE%"

"%JAVA%" %FLAGS% %SHARED% "-Dcountersign.archive=%ARCHIVE%" -cp "%CLI%\lib\*" io.countersign.cli.Main %*
exit /b %ERRORLEVEL%
