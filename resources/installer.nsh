; Steps of the installer beside those of electron-builder.

!macro customUnInstall
  ; The start at logon is an entry of the user, which the installer did not make and would leave behind.
  ${ifNot} ${isUpdated}
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "${APP_ID}"
  ${endIf}
!macroend
