"""From the domain to Discord; pure but for publisher and views."""
