"""Addresses by which clouds tell machines their own secrets, however they are written."""

import pytest

from app.channels.email.fetching.hosts import is_forbidden


@pytest.mark.parametrize("address", ["169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
                                     "2002:a9fe:a9fe::1", "100.100.100.200", "fd00:ec2::254",
                                     "fe80::1%eth0", "0.0.0.0", "ff02::1"])
def test_t26_no_mail_server_stands_at_metadata(address):
    assert is_forbidden(address)


@pytest.mark.parametrize("address", ["10.0.0.5", "127.0.0.1", "fd12::25", "192.0.2.1", "64:ff9b::c000:201"])
def test_a_server_of_the_house_may_be_anywhere_else(address):
    assert not is_forbidden(address)
