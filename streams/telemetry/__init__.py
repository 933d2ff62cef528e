"""What the product tells of itself: metrics, health, and the server that shows them."""
