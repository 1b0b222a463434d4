<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB" sourcelanguage="en_GB">
<context>
    <name>CheckDialog</name>
    <message numerus="yes">
        <source>%n of {total} need(s) a look.</source>
        <translation>
            <numerusform>%n of {total} needs a look.</numerusform>
            <numerusform>%n of {total} need a look.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %n result(s) are sound.</source>
        <translation>
            <numerusform>The one result is sound.</numerusform>
            <numerusform>All %n results are sound.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ForgetQuestion</name>
    <message numerus="yes">
        <source>This job of %n image(s) is deleted from the history.</source>
        <translation>
            <numerusform>This job of %n image is deleted from the history.</numerusform>
            <numerusform>This job of %n images is deleted from the history.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImageBrowser</name>
    <message numerus="yes">
        <source>%n image(s) found; some folders could not be listed.</source>
        <translation>
            <numerusform>%n image found; some folders could not be listed.</numerusform>
            <numerusform>%n images found; some folders could not be listed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) found.</source>
        <translation>
            <numerusform>%n image found.</numerusform>
            <numerusform>%n images found.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>JobForgetter</name>
    <message numerus="yes">
        <source>The job is forgotten, and %n result file(s) deleted.</source>
        <translation>
            <numerusform>The job is forgotten, and %n result file is deleted.</numerusform>
            <numerusform>The job is forgotten, and %n result files are deleted.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n result file(s) stay(s).</source>
        <translation>
            <numerusform>%n result file stays.</numerusform>
            <numerusform>%n result files stay.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message numerus="yes">
        <source>%n image(s) ticked to be read again.</source>
        <translation>
            <numerusform>%n image is ticked to be read again.</numerusform>
            <numerusform>%n images are ticked to be read again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NoticesBanner</name>
    <message numerus="yes">
        <source>%n notice(s) before the start:</source>
        <translation>
            <numerusform>%n notice before the start:</numerusform>
            <numerusform>%n notices before the start:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QuitQuestion</name>
    <message numerus="yes">
        <source>A run is going on; %n image(s) have not been read yet.</source>
        <translation>
            <numerusform>A run is going on; %n image has not been read yet.</numerusform>
            <numerusform>A run is going on; %n images have not been read yet.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ResumeOffer</name>
    <message numerus="yes">
        <source>The last run was interrupted after {done} of %n image(s).</source>
        <translation>
            <numerusform>The last run was interrupted after {done} of %n image.</numerusform>
            <numerusform>The last run was interrupted after {done} of %n images.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The run of {date} was interrupted after {done} of %n image(s).</source>
        <translation>
            <numerusform>The run of {date} was interrupted after {done} of %n image.</numerusform>
            <numerusform>The run of {date} was interrupted after {done} of %n images.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TroubleBanner</name>
    <message numerus="yes">
        <source>Paused after {done} of %n image(s). {message}</source>
        <translation>
            <numerusform>Paused after {done} of %n image. {message}</numerusform>
            <numerusform>Paused after {done} of %n images. {message}</numerusform>
        </translation>
    </message>
</context>
</TS>
