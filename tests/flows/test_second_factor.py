"""动态口令, shown twice at the same instant: it opens one door."""

import threading

import pytest
from django.db import connections
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from liuhen.core.kernel.errors import BadInput
from liuhen.flows.second_factor import begin_factor, check_code
from liuhen.records.people.models import User


@pytest.mark.django_db(transaction=True)
def test_one_code_shown_twice_at_once_is_taken_once() -> None:
    user = User.objects.create_user(username="twice-at-once", password="correct horse battery")
    begin_factor(user)
    TOTPDevice.objects.filter(user=user).update(confirmed=True)
    device = TOTPDevice.objects.get(user=user)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = timezone.now().timestamp()
    start, taken = threading.Barrier(3), list[str]()

    def show() -> None:
        start.wait(20)
        try:
            check_code(user, f"{totp.token():06d}")
        except BadInput:
            taken.append("refused")
        else:
            taken.append("taken")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=show) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(taken) == ["refused", "refused", "taken"]
