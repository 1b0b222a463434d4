<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB" sourcelanguage="en_GB">
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
</TS>
