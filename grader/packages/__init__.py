"""What is handed to hosts and learners: chosen katas, with as much as they may see."""
