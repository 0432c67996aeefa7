"""The rooms of the page, one file a room. A room is listed in web.app.ROOMS."""
