"""Disk errors: which answers of the operating system mean a full disk, and which a drive that has gone.

Shared by reading and writing, so that the same trouble has the same name on both sides.
"""

import errno
from typing import Final

_FULL_ERRNOS: Final = frozenset({errno.ENOSPC})
_FULL_WINERRORS: Final = frozenset(
    {
        39,  # ERROR_HANDLE_DISK_FULL
        112,  # ERROR_DISK_FULL
    }
)
_QUOTA_ERRNOS: Final = frozenset({errno.EDQUOT})
_QUOTA_WINERRORS: Final = frozenset({1295})  # ERROR_DISK_QUOTA_EXCEEDED
_GONE_ERRNOS: Final = frozenset({errno.ENODEV, errno.ENXIO})
_GONE_WINERRORS: Final = frozenset(
    {
        21,  # ERROR_NOT_READY: the drive is empty or unplugged
        53,  # ERROR_BAD_NETPATH
        55,  # ERROR_DEV_NOT_EXIST
        64,  # ERROR_NETNAME_DELETED
        67,  # ERROR_BAD_NET_NAME
        433,  # ERROR_NO_SUCH_DEVICE
        1167,  # ERROR_DEVICE_NOT_CONNECTED
    }
)


def is_disk_full(error: OSError) -> bool:
    """Whether nothing more fits on the disk; a quota that is used up is asked for apart."""
    return _is(error, _FULL_ERRNOS, _FULL_WINERRORS)


def is_quota_used_up(error: OSError) -> bool:
    """Whether the user, not the disk, has no more room."""
    return _is(error, _QUOTA_ERRNOS, _QUOTA_WINERRORS)


def is_drive_gone(error: OSError) -> bool:
    """Whether the drive or network folder itself does not answer any more."""
    return _is(error, _GONE_ERRNOS, _GONE_WINERRORS)


def _is(error: OSError, errnos: frozenset[int], winerrors: frozenset[int]) -> bool:
    windows_code = getattr(error, "winerror", None)
    # Windows gives every error an errno too, mostly EINVAL; its own code is the one that tells.
    return windows_code in winerrors if windows_code else error.errno in errnos
