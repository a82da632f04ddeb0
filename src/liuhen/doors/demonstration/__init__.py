"""The worked demonstration: one whole case of a made-up agency, driven through the same flows that the doors use.

Every date is fixed, every id is derived from its place in the story, so each run says the same; people, places and the
matter are invented. Seals, time stamps and witnesses are test ones and say so.
"""
