"""What is asked, what it means and what answers it; pure: no I/O and no clock."""
